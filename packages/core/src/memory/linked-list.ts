/** A node of at most one list at a time; the list writes its links. */
export interface Linked<Node> {
  previous: Node | undefined
  next: Node | undefined
}

/** A doubly linked list whose nodes carry the links: every change takes constant time and allocates nothing. */
export class LinkedList<Node extends Linked<Node>> {
  #first: Node | undefined
  #last: Node | undefined
  #size = 0

  get first(): Node | undefined {
    return this.#first
  }

  get last(): Node | undefined {
    return this.#last
  }

  get size(): number {
    return this.#size
  }

  append(node: Node): void {
    this.insert(node, undefined)
  }

  /** Puts `node` before `before`, or last. */
  insert(node: Node, before: Node | undefined): void {
    const previous = before === undefined ? this.#last : before.previous
    node.previous = previous
    node.next = before
    if (previous === undefined) this.#first = node
    else previous.next = node
    if (before === undefined) this.#last = node
    else before.previous = node
    this.#size += 1
  }

  remove(node: Node): void {
    if (node.previous === undefined) this.#first = node.next
    else node.previous.next = node.next
    if (node.next === undefined) this.#last = node.previous
    else node.next.previous = node.previous
    node.previous = undefined
    node.next = undefined
    this.#size -= 1
  }

  shift(): Node | undefined {
    const node = this.#first
    if (node !== undefined) this.remove(node)
    return node
  }

  *[Symbol.iterator](): IterableIterator<Node> {
    for (let node = this.#first; node !== undefined; node = node.next) yield node
  }
}
