// A document has a body and its text.
import { Document } from '@waybill/core'
import { same } from '../../same.js'

class Upload extends Document('files.upload', { contentType: 'text/csv', key: (upload) => upload.text().slice(0, 10), ordered: true, version: 2 }) {
  get rows(): string[] {
    return this.text().split('\n')
  }
}
same<Upload['body'], Uint8Array>(true)
new Upload('a,b').rows.length
new Upload(new Uint8Array()).body.length
