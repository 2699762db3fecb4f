// Active time: what passes between signs of life, without hidden tabs and without long gaps.

export const IDLE = 30000; // ms: who gives no sign for longer was away, for the whole gap
const SIGNS = ['keydown', 'input', 'compositionupdate', 'pointermove', 'pointerdown', 'wheel', 'focusin'];

export class ActiveClock {
  /** Signs count that come from inside root. The listeners only add two numbers. */
  constructor(root) {
    this.running = false;
    const sign = (event) => this.running && root.contains(event.target) && this.beat();
    for (const name of SIGNS) window.addEventListener(name, sign, {capture: true, passive: true});
  }

  start() {
    this.active = 0;
    this.started = this.last = performance.now();
    this.running = true;
  }

  beat() {
    const now = performance.now();
    if (now - this.last <= IDLE) this.active += now - this.last;
    this.last = now;
  }

  /** Stop; returns {active, elapsed} in whole milliseconds. */
  stop() {
    if (this.running) this.beat();
    this.running = false;
    return {active: Math.round(this.active), elapsed: Math.ceil(this.last - this.started)};
  }
}
