"""The configurations of deploy/ in a real nginx, before small servers that stand for the app."""

import contextlib
import http.server
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

from adamax_viz.limits import Limits
from tests.browser.server import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
VERSION = subprocess.run([NGINX, "-v"], capture_output=True, text=True).stderr if NGINX else ""
LOOKS_UP = tuple(map(int, re.findall(r"\d+", VERSION)[:3])) >= (1, 27, 3)  # names again, while it runs
needs_nginx = pytest.mark.skipif(NGINX is None, reason="there is no nginx")

MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


class Names:
    """A server of names, some hosts of which are at the addresses of `known`."""

    def __init__(self, **known: str) -> None:
        self.known = known
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                asked, whom = self.socket.recvfrom(512)
                self.socket.sendto(self.answer(asked), whom)

    def answer(self, asked: bytes) -> bytes:
        """RFC 1035: the question once more, and an address that is good for a second, if there is one."""
        question = asked[12 : asked.index(0, 12) + 5]
        at = self.known.get(question[1 : 1 + question[0]].decode())
        if at is None:
            return asked[:2] + bytes.fromhex("8183 0001 0000 0000 0000") + question
        found = bytes.fromhex("c00c 0001 0001 00000001 0004") + socket.inet_aton(at)
        return asked[:2] + bytes.fromhex("8180 0001 0001 0000 0000") + question + found


class Answer(NamedTuple):
    status: int
    by: str  # the replica's word
    cookie: str  # that is set, with its attributes
    text: str


class Replica:
    """A server that says its name; `stop` and `start` at the same port."""

    def __init__(self, name: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self.name, self.host, self.port, self.asked = name, host, port, 0
        self.go_on = threading.Event()  # cleared: it takes what it is asked, and answers later
        self.go_on.set()
        self.start()

    def start(self) -> None:
        name, replica = self.name, self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                replica.asked += 1
                replica.go_on.wait(30)
                body = f"{name} {self.path} {self.headers['Host']}".encode()
                self.send_response(200)
                self.send_header("X-Adamax-Replica", name)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((self.host, self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def replicas():
    both = [Replica("one"), Replica("two")]
    yield both
    for each in both:
        each.go_on.set()
        each.stop()


@contextlib.contextmanager
def nginx(file, folder, patience="", names=None, **addresses):
    """The address of an nginx with a configuration of deploy/, in which hosts are others, and how long it waits.

    It asks the server of names at the port `names`.
    """
    port, site = free_port(), (DEPLOY / file).read_text(encoding="utf-8")
    if names:
        site = site.replace("resolver 127.0.0.11 valid=5s", f"resolver 127.0.0.1:{names} valid=1s")
    if not LOOKS_UP:
        site = re.sub(r"resolver .*;| resolve\b", "", site)
    if patience:
        site = re.sub(r"proxy_read_timeout \w+;", f"proxy_read_timeout {patience};", site)
    for host, at in addresses.items():
        assert f"{host.replace('_', '.')}:8501" in site
        site = site.replace(f"{host.replace('_', '.')}:8501", at if isinstance(at, str) else f"127.0.0.1:{at}")
    (folder / "site.conf").write_text(site.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    command = [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert server.poll() is None, server.stderr.read()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def get(address, cookie="", **headers):
    """What is answered; headers with _ for -."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=headers | ({"Cookie": cookie} if cookie else {}))
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode()
        return Answer(answer.status, text.split()[0], answer.headers.get("Set-Cookie", ""), text)


@needs_nginx
def test_one_host_passes_path_and_host_on(replicas, tmp_path):
    with nginx("nginx.conf", tmp_path, **{"127_0_0_1": replicas[0].port}) as address:
        for path in ("/adamax/playground?x=1", "/adamax/_stcore/stream", "/adamax/take/run.csv"):
            assert get(address + path).text == f"one {path} {address.removeprefix('http://')}"
        assert get(f"{address}/adamax").text.startswith("one /adamax/ ")  # redirected
        replicas[0].stop()
        gone = get(f"{address}/adamax/playground")
        assert gone.status == 503
        assert "comes back by itself" in gone.text
        replicas[0].start()
        assert get(f"{address}/adamax/playground").status == 200


@needs_nginx
@pytest.mark.parametrize("file", ["nginx.conf", "nginx-replicas.conf"])
def test_a_link_as_long_as_the_app_reads_it_comes_through(file, replicas, tmp_path):
    names = ("127_0_0_1",) if file == "nginx.conf" else ("one", "two")
    path = "/adamax/playground?formula=" + "%2B" * Limits().link_length
    with nginx(file, tmp_path, **{name: each.port for name, each in zip(names, replicas, strict=False)}) as address:
        assert path in get(address + path).text


@needs_nginx
@pytest.mark.parametrize("path", ["/adamax/playground", "/adamax/take/run.csv"])
def test_a_slow_replica_is_asked_once_and_is_not_gone(path, replicas, tmp_path):
    one, two = replicas
    one.go_on.clear()
    with nginx("nginx-replicas.conf", tmp_path, "1s", one=one.port, two=two.port) as address:
        slow = get(address + path, "adamax_replica=one")
        assert (slow.status, one.asked, two.asked) == (504, 1, 0)
        assert "took too long" in slow.text
        one.go_on.set()
        assert get(address + path, "adamax_replica=one").by == "one"


@needs_nginx
def test_where_a_replica_cannot_be_reached_in_time_the_other_answers(replicas, tmp_path):
    with contextlib.ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # its queue is full: whoever comes now waits
            visitor = stack.enter_context(socket.socket())
            visitor.setblocking(False)
            visitor.connect_ex(silent.getsockname())
        with nginx("nginx-replicas.conf", tmp_path, one=silent.getsockname()[1], two=replicas[1].port) as address:
            assert get(f"{address}/adamax/playground", "adamax_replica=one").by == "two"


@pytest.fixture
def lab(replicas, tmp_path):
    ports = {each.name: each.port for each in replicas}
    with nginx("nginx-replicas.conf", tmp_path, **ports) as address:
        yield f"{address}/adamax/playground"


def newcomer(lab, **headers):
    return get(lab, Sec_Fetch_Dest="document", **headers)


@needs_nginx
def test_a_class_behind_one_address_is_spread_over_both(lab):
    found = [newcomer(lab) for _ in range(10)]
    assert {answer.by for answer in found} == {"one", "two"}
    assert all(answer.cookie.startswith(f"adamax_replica={answer.by}; Path=/adamax; HttpOnly;") for answer in found)
    assert all(answer.cookie.endswith("SameSite=Lax") for answer in found)


@needs_nginx
def test_a_visitor_stays_and_the_cookie_is_set_once(lab):
    for name in ("one", "two"):
        found = [get(lab, f"other=1; adamax_replica={name}") for _ in range(6)]
        assert {(answer.by, answer.cookie) for answer in found} == {(name, "")}


@needs_nginx
def test_whoever_keeps_no_cookie_stays_with_one_too(lab):
    for browser in ("Firefox", "Chrome", "Safari", "another"):
        assert len({get(lab, User_Agent=browser).by for _ in range(6)}) == 1


@needs_nginx
def test_a_cookie_that_nobody_gave_chooses_nothing(lab):
    answer = newcomer(lab, cookie="adamax_replica=127.0.0.1:22")
    assert answer.by in ("one", "two")
    assert answer.cookie.startswith(f"adamax_replica={answer.by};")


@needs_nginx
def test_in_a_frame_over_tls_the_cookie_is_allowed(lab):
    answer = get(lab, Sec_Fetch_Dest="iframe", X_Forwarded_Proto="https")
    assert answer.cookie.endswith("SameSite=None; Secure; Partitioned")


@needs_nginx
def test_where_a_replica_is_gone_the_other_takes_over_and_keeps_the_visitor(lab, replicas):
    one, _ = replicas
    one.stop()
    moved = get(lab, "adamax_replica=one")
    assert (moved.status, moved.by) == (200, "two")
    assert moved.cookie.startswith("adamax_replica=two;")
    assert {newcomer(lab).by for _ in range(4)} == {"two"}
    one.start()
    assert {get(lab, "adamax_replica=two").by for _ in range(4)} == {"two"}


@needs_nginx
def test_with_both_gone_the_page_waits_and_nobody_is_shut_out_after(lab, replicas):
    for each in replicas:
        each.stop()
    for cookie in ("adamax_replica=one", "adamax_replica=two", ""):
        gone = get(lab, cookie)
        assert gone.status == 503
        assert "comes back by itself" in gone.text
    replicas[1].start()  # at once, though nginx has both marked as gone
    for cookie in ("adamax_replica=one", "adamax_replica=two", ""):
        assert get(lab, cookie).by == "two"


def test_replicas_are_looked_up_again_and_again() -> None:
    site = (DEPLOY / "nginx-replicas.conf").read_text(encoding="utf-8")
    assert "\nresolver 127.0.0.11 " in site
    for name, upstream in re.findall(r"upstream (\w+) \{(.*?)\}", site, re.DOTALL):
        assert f"zone {name} " in upstream
        assert len(re.findall(r"server (?:one|two):8501 resolve\b", upstream)) == upstream.count("server ") == 2
    (image,) = re.findall(r"image: nginx:([\d.]+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert tuple(map(int, image.split("."))) >= (1, 27, 3)


@pytest.mark.skipif(not LOOKS_UP, reason="this nginx looks names up at its start only")
def test_a_replica_that_is_made_anew_is_found_at_its_new_address(tmp_path):
    names = Names(one="127.0.0.2", two="127.0.0.3")
    one = Replica("one", "127.0.0.2")
    two = Replica("two", "127.0.0.3", one.port)
    mine, hosts = "adamax_replica=one", {each.name: f"{each.name}:{each.port}" for each in (one, two)}

    def until(by):
        end = time.monotonic() + 30
        while get(f"{address}/adamax/playground", mine).by != by:
            assert time.monotonic() < end, by

    with nginx("nginx-replicas.conf", tmp_path, names=names.port, **hosts) as address, contextlib.closing(names.socket):
        until("one")
        one.stop()
        del names.known["one"]  # as while a container is away
        until("two")
        one = Replica("one", "127.0.0.4", two.port)
        names.known["one"] = "127.0.0.4"
        until("one")
    one.stop()
    two.stop()
