import type { Endpoint } from '@waybill/core/contract'

/** Which endpoints read a topic, as far as their buses have subscribed them; they go on when their buses stop. */
export class Subscriptions {
  readonly #topics = new Map<string, Set<string>>()

  add({ name, topics }: Endpoint): void {
    for (const topic of topics) {
      const readers = this.#topics.get(topic.name) ?? new Set<string>()
      this.#topics.set(topic.name, readers.add(name))
    }
  }

  /** The topic, or the endpoint in every topic. */
  remove(name: string): void {
    this.#topics.delete(name)
    for (const readers of this.#topics.values()) readers.delete(name)
  }

  of(topic: string): readonly string[] {
    return [...(this.#topics.get(topic) ?? [])]
  }
}
