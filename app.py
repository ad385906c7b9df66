"""Adamax Lab: `streamlit run app.py`. The server, its routes, and the script that shows the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from adamax_viz.ui.server import faults
from adamax_viz.ui.server.ending import ends_in_time
from adamax_viz.ui.server.hooks import leave_keras_alone
from adamax_viz.ui.server.housekeeping import housekeeping, share_memory
from adamax_viz.ui.server.routes import layers, routes, warm_up

share_memory()
leave_keras_alone()
faults.log_once()
warm_up()


@asynccontextmanager
async def while_it_serves(app: st.App) -> AsyncIterator[None]:
    async with housekeeping(app), ends_in_time(app):
        yield


app = st.App(
    "pages/navigation.py",
    routes=routes(),
    middleware=layers(),
    lifespan=while_it_serves,
    on_script_error=faults.on_page,
    exception_handlers=faults.HANDLERS,
)
