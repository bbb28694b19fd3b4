// #region documents
import { CommandHandler, Document, handle } from '@waybill/core'

export class Scan extends Document('scans.scan', { contentType: 'image/tiff' }) {}
export class ImportCatalog extends Document('catalog.import', {
  contentType: 'text/csv; charset=utf-8',
  key: (document) => document.text().slice(0, 8),
}) {}

export const archived: Uint8Array[] = []
export const imported: string[] = []

@CommandHandler(Scan)
export class ArchiveScan {
  handle(scan: Scan) {
    archived.push(scan.body)
  }
}

export const importCatalog = handle(ImportCatalog, (catalog) => {
  imported.push(...catalog.text().split('\n'))
})
// #endregion
