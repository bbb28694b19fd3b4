/** The size from which space is given back. */
const large = 1024

/** A queue whose ends are both cheap, however long it is: an array's own `shift` moves every element. */
export class Fifo<T> {
  /** From `#head` up to `#tail`; what is outside is `undefined`. An empty queue keeps its small array: to grow a new one costs more than a send. */
  #items: (T | undefined)[] = []
  #head = 0
  #tail = 0

  get length(): number {
    return this.#tail - this.#head
  }

  peek(): T | undefined {
    return this.#head === this.#tail ? undefined : this.#items[this.#head]
  }

  push(item: T): void {
    this.#items[this.#tail] = item
    this.#tail += 1
  }

  shift(): T | undefined {
    if (this.#head === this.#tail) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head += 1
    if (this.#head === this.#tail) this.#replace(this.#tail > large ? [] : this.#items, 0)
    else if (this.#head >= large && this.#head * 2 >= this.#tail) this.#replace(this.#items.slice(this.#head, this.#tail), this.length)
    return item
  }

  unshift(item: T): void {
    if (this.#head > 0) this.#head -= 1
    else {
      this.#items.unshift(undefined)
      this.#tail += 1
    }
    this.#items[this.#head] = item
  }

  /** Puts it in front of the first item that is to come after it. */
  insert(item: T, isAfter: (other: T) => boolean): void {
    let at = this.#head
    while (at < this.#tail && !isAfter(this.#items[at] as T)) at += 1
    if (at === this.#head) return this.unshift(item)
    this.#items.splice(at, 0, item)
    this.#tail += 1
  }

  /** Drops what is not to be kept. */
  keep(isWanted: (item: T) => boolean): void {
    const kept = (this.#items.slice(this.#head, this.#tail) as T[]).filter(isWanted)
    this.#replace(kept, kept.length)
  }

  #replace(items: (T | undefined)[], length: number): void {
    this.#items = items
    this.#head = 0
    this.#tail = length
  }
}
