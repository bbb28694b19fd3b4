import type { RequestOptions } from './send-options.js'

/** Whom a gather asks, and what releases it. */
export type GatherOptions<From extends string = string> = Omit<RequestOptions, 'id'> & {
  /** The endpoints that are asked: the route of the type is not used. Each once. */
  readonly from: readonly From[]
} & Release

/** Never both: one counts answers of any kind, the other asks for replies. */
type Release =
  | {
      /** Released by so many answers, replies and failures. @default all of them */
      readonly count?: number
      readonly quorum?: never
    }
  | {
      /** Released by so many replies; a `NoQuorumError` as soon as they can come no more, and when the time is over before. */
      readonly quorum: number
      readonly count?: never
    }

/** What the endpoints answered, each list in the order in which it came. Every endpoint stands in exactly one of them. */
interface Answers<Reply, From> {
  readonly replies: readonly { readonly from: From; readonly reply: Reply }[]
  /** A handler that failed, an endpoint that does not exist or that the broker takes nothing for, a reply that cannot be read. */
  readonly failed: readonly { readonly from: From; readonly error: Error }[]
}

/** What a gather came to. Nobody is missing if, and only if, all have answered. */
export type Gathered<Reply, From extends string = string> = Answers<Reply, From> &
  (
    | { readonly releasedBy: 'all'; readonly missing: readonly [] }
    /** In the order of `from`: they had not answered when it was released. */
    | { readonly releasedBy: 'count' | 'quorum' | 'timeout'; readonly missing: readonly [From, ...From[]] }
  )
