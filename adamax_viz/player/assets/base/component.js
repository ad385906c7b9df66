// What Streamlit calls at every change of data or theme: one view for each parent element, as long as it is in the page.

/** The component's entry for a class with `receive(component)` and `remove()`; tests find the view by `property`. */
export function component(View, property) {
  const views = new WeakMap();
  return (call) => {
    const { parentElement } = call;
    let view = views.get(parentElement);
    if (!view) {
      view = new View(parentElement);
      views.set(parentElement, view);
      parentElement[property] = view;
    }
    view.receive(call);
    return () => {
      // Streamlit also cleans up before a next call for the same element: only what left the page goes.
      requestAnimationFrame(() => {
        if (parentElement.isConnected) return;
        view.remove();
        views.delete(parentElement);
      });
    };
  };
}
