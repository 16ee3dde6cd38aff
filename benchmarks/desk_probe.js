// What benchmarks/desk.py wants to know of the page, put in before any script of it.
{
  const probe = (window.probe = { long: [], events: [], frames: [] });
  const observe = (type, take, more = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
  observe("longtask", ({ startTime, duration }) => probe.long.push([startTime, duration]));
  observe("event", ({ name, interactionId, duration, processingStart, processingEnd }) => {
    if (interactionId) probe.events.push([name, duration, processingEnd - processingStart]);
  }, { durationThreshold: 16 });

  const painted = (probe.painted = () =>
    new Promise((done) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
      }),
    ));

  // From a frame of the server to what it changes on the screen.
  const own = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (name, listener, ...more) {
    if (name !== "message") return own.call(this, name, listener, ...more);
    return own.call(this, name, async (event) => {
      const from = performance.now();
      listener(event);
      const { type } = JSON.parse(event.data.slice(0, 40).replace(/,.*/s, "}"));
      await painted();
      probe.frames.push([type, performance.now() - from, event.data.length]);
    });
  };

  /** Milliseconds from a press on a conversation of the list until its messages are painted. */
  probe.show = async (id) => {
    const from = performance.now();
    document.querySelector(`[data-list=mine] > [data-key="${id}"] [data-action=show]`).click();
    await painted();
    return performance.now() - from;
  };
}
