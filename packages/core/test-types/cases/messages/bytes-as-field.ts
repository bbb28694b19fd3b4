// JSON has no bytes: a Document carries them, or text does.
import { Event } from '@waybill/core'
import { z } from 'zod'

class Thumbnail extends Event('scans.thumbnail', z.object({ image: z.instanceof(Uint8Array) })) {} // accepted: class Thumbnail extends Event('scans.thumbnail', z.object({ image: z.base64() })) {}

// expect
// TS2507: Type 'Mistake<"scans.thumbnail: these fields do not come back from JSON, use a codec or encode", "image">' is not a constructor function type.
