// Steps back and forth.

export class Undo<T> {
  #past: T[];
  #future: T[] = [];

  /** More steps than limit are forgotten, the oldest first. */
  constructor(
    private now: T,
    private readonly limit = 200,
    past: T[] = [],
  ) {
    this.#past = past;
  }

  get state(): T {
    return this.now;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Makes a step; nothing where the state is the very same. */
  push(next: T): void {
    if (next === this.now) return;
    this.#past.push(this.now);
    if (this.#past.length > this.limit) this.#past.shift();
    this.now = next;
    this.#future = [];
  }

  /** Changes the present without a step of its own: the rest of one that has begun. */
  amend(next: T): void {
    this.now = next;
    this.#future = [];
  }

  undo(): boolean {
    const last = this.#past.pop();
    if (last === undefined) return false;
    this.#future.push(this.now);
    this.now = last;
    return true;
  }

  redo(): boolean {
    const next = this.#future.pop();
    if (next === undefined) return false;
    this.#past.push(this.now);
    this.now = next;
    return true;
  }
}
