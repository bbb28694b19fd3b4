import type { StandardSchemaV1 } from '@standard-schema/spec'

/** Any Standard Schema: zod, valibot, arktype. */
// oxlint-disable-next-line typescript/no-explicit-any -- variance: a schema of anything
export type Schema<Input = any, Output = any> = StandardSchemaV1<Input, Output>
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>
export type NoReply = Schema<void, void>
