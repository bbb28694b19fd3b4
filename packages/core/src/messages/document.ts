import { declareDocument } from './declare-document.js'
import type { DocumentClass } from './message-class.js'
import type { DocumentOptions } from './message-options.js'
import type { Message } from './message.js'

/** An instance of any document, or of the one whose type is named. */
export interface Document<Type extends string = string> extends Message<'document', Type, void, void> {}

/**
 * Declares a document: bytes whose meaning the receiver decides, sent and handled like a command, byte for byte. `class Scan extends Document('scans.scan', { contentType: 'image/tiff' }) {}`
 *
 * Throws `MessageDeclarationError` for a type or option that cannot be used.
 */
export function Document<const Type extends string>(type: Type, options?: DocumentOptions): DocumentClass<Type> {
  return declareDocument(type, options) as DocumentClass<Type>
}
