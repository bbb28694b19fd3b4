export { deserialize, deserializeReply, type EncodedBody } from './deserialize.js'
export { readJson, writeJson } from './json.js'
export { serialize, serializeReply } from './serialize.js'
