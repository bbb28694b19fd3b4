const width = 26

/** Where it is drawn; `process.stdout` fits. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** A bar that fills on a terminal, and one line at its end elsewhere. */
export class ProgressBar {
  readonly #screen: Screen
  readonly #label: string
  readonly #total: number
  readonly #startedAt = performance.now()
  #done = 0
  #drawn = -1

  constructor(screen: Screen, label: string, total: number) {
    this.#screen = screen
    this.#label = label
    this.#total = total
    if (screen.isTTY === true) this.#draw(0)
  }

  step(by = 1): void {
    this.#done += by
    const filled = this.#filled()
    if (this.#screen.isTTY === true && filled !== this.#drawn) this.#draw(filled)
  }

  /** The last state stays on the screen. */
  end(): void {
    if (this.#screen.isTTY === true) {
      this.#draw(this.#filled())
      this.#screen.write('\n')
    } else {
      this.#screen.write(`  ${this.#label}  ${this.#counts()}\n`)
    }
  }

  #draw(filled: number): void {
    this.#drawn = filled
    this.#screen.write(`\r\u001b[K  ${this.#label}  ${'━'.repeat(filled)}${'─'.repeat(width - filled)}  ${this.#counts()}`)
  }

  #filled(): number {
    return this.#total === 0 ? width : Math.round((this.#done / this.#total) * width)
  }

  #counts(): string {
    return `${this.#done}/${this.#total}  ${((performance.now() - this.#startedAt) / 1000).toFixed(1)} s`
  }
}
