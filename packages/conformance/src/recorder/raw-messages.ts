interface Raw {
  readonly id: string | undefined
  readonly to: string
  readonly key: string | undefined
}

/** What was put in past every bus and has not come out yet. Only its delivery shows whether it can be read, and so by which id it is known. */
export class RawMessages {
  readonly #pending: Raw[] = []

  add(raw: Raw): void {
    this.#pending.push(raw)
  }

  /** The one that this delivery shows: by its id, or the oldest where nobody could read one. */
  take(id: string | undefined): Raw | undefined {
    const index = this.#pending.findIndex((raw) => id === undefined || raw.id === id)
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]
  }

  /** Those that never came. */
  get left(): readonly Raw[] {
    return this.#pending
  }
}
