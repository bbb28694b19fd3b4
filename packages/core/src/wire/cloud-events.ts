/** The attribute names of CloudEvents 1.0 for the fields of an envelope; extensions keep to its rule, `[a-z0-9]{1,20}`. A transport puts its binding's prefix before them (`ce_`, `cloudEvents_`). */
export const cloudEvents = {
  id: 'id',
  type: 'type',
  version: 'schemaversion',
  source: 'source',
  time: 'time',
  contentType: 'datacontenttype',
  kind: 'kind',
  correlationId: 'correlationid',
  causationId: 'causationid',
  replyTo: 'replyto',
  expiresAt: 'expiresat',
  key: 'partitionkey',
} as const

/** The value of `specversion`. */
export const cloudEventsVersion = '1.0'
