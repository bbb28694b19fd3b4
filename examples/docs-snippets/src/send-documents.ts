import type { Sender } from './sender.js'
import { ImportCatalog, Scan } from './documents.js'

export async function sendDocuments(bus: Sender, bytes: Uint8Array): Promise<void> {
  // #region send
  await bus.send(new Scan(bytes))
  await bus.send(new ImportCatalog('sku,price\nA-1,10'))
  // #endregion
}
