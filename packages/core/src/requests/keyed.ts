/** Values under texts, in the order of their coming: several may stand under one. */
export class Keyed<T> {
  readonly #values = new Map<string, T[]>()

  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  at(key: string): readonly T[] {
    return this.#values.get(key) ?? []
  }

  add(key: string, value: T): void {
    const there = this.#values.get(key)
    if (there === undefined) this.#values.set(key, [value])
    else there.push(value)
  }

  /** Nothing, where it is gone already. */
  remove(key: string, value: T): void {
    const there = this.#values.get(key)
    const index = there?.indexOf(value) ?? -1
    if (there === undefined || index === -1) return
    if (there.length === 1) this.#values.delete(key)
    else there.splice(index, 1)
  }

  take(key: string): readonly T[] {
    const there = this.at(key)
    this.#values.delete(key)
    return there
  }
}
