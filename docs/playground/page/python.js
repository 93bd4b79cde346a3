// Python in its worker: start, run, stop. A worker that runs an endless loop hears nothing, so it is ended and replaced.
export const LIMIT = 10;    // seconds for a program, and as many for its drawing

export class Python {
  // tell(event, details): starting, ready, running, drawing, done, and how a run ended without a result.
  constructor(tell) {
    this.tell = tell;
    this.id = 0;            // of the run; what is heard of an earlier one does not count
    this.waiting = null;    // what to run as soon as Python is ready
    this.code = fetch("worker.js").then((answer) => answer.text());
    this.start("starting");
  }

  async start(reason, details = {}) {
    this.ready = this.running = false;
    this.tell(reason, details);
    const text = await this.code;
    const source = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const worker = this.worker = new Worker(source);
    worker.onmessage = ({ data }) => this.worker === worker && this.heard(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.worker === worker) this.heard({ broken: event.message });
    };
    worker.postMessage({ base: new URL(".", location.href.split("#")[0]).href });
  }

  heard(data) {
    if (data === null || typeof data !== "object") return;
    if (data.ready && !this.ready) {
      this.ready = true;
      this.tell("ready", data.ready);
      if (this.waiting) this.run(this.waiting);
    } else if (data.stage === "drawing" && typeof data.count === "number" && this.running && data.id === this.id) {
      this.nodes = data.count;
      this.wait("tooLarge");
      this.tell("drawing", { nodes: this.nodes });
    } else if (data.done && this.running && data.id === this.id) {
      this.running = false;
      clearTimeout(this.timer);
      this.tell("done", data.done);
    } else if (typeof data.broken === "string") {
      const message = data.broken;
      if (!this.ready) this.tell("failed", { message });
      else this.end(message.startsWith("Graphviz: ") ? "tooLarge" :
        /call stack|recursion/i.test(message) ? "tooDeep" : "broken", { message, limit: LIMIT, nodes: this.nodes });
    }
  }

  // what: {program, lang}, or {train} with a request to training.py
  run(what) {
    if (this.running) return;
    if (!this.ready) {
      this.waiting = what;
      return;
    }
    this.waiting = null;
    this.running = true;
    this.tell("running", {});
    this.wait("tooSlow");
    this.worker.postMessage({ ...what, id: ++this.id });
  }

  wait(reason) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(reason, { limit: LIMIT, nodes: this.nodes }), LIMIT * 1000);
  }

  end(reason, details = {}) {
    clearTimeout(this.timer);
    this.waiting = null;
    this.worker.terminate();
    this.start(reason, details);
  }
}
