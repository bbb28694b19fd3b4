import type { StandardSchemaV1 } from '@standard-schema/spec'

/** Any Standard Schema: zod, valibot, arktype. */
export type Schema<Input = unknown, Output = unknown> = StandardSchemaV1<Input, Output>
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>
export type NoReply = Schema<void, void>
