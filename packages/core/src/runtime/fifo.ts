/** A queue whose ends are both cheap, however long it is: an array's own `shift` moves every element. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  peek(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head += 1
    if (this.#head === this.#items.length) {
      this.#items.length = 0
      this.#head = 0
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head)
      this.#head = 0
    }
    return item
  }

  unshift(item: T): void {
    if (this.#head === 0) this.#items.unshift(item)
    else this.#items[(this.#head -= 1)] = item
  }

  /** Puts it in front of the first item that is to come after it. */
  insert(item: T, after: (other: T) => boolean): void {
    let at = this.#head
    while (at < this.#items.length && !after(this.#items[at] as T)) at += 1
    if (at === this.#head) this.unshift(item)
    else this.#items.splice(at, 0, item)
  }

  /** Drops what is not to be kept. */
  keep(wanted: (item: T) => boolean): void {
    this.#items = (this.#items.slice(this.#head) as T[]).filter(wanted)
    this.#head = 0
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.#head; at < this.#items.length; at += 1) yield this.#items[at] as T
  }
}
