import { Command } from '@waybill/core'
import { z } from 'zod'

/** Schemas that compile and that the first instance refuses. */
export const refused = {
  unstable: (): object => {
    // #region unstable
    // Every time it is read, the price is a hundred times as high.
    class Price extends Command('shop.price', z.object({ price: z.number().transform((euros) => euros * 100) })) {}
    // #endregion
    return new Price({ price: 1 })
  },
  asynchronous: (): object => {
    // #region asynchronous
    class Invite extends Command('users.invite', z.object({ email: z.string().refine(async (email) => (await lookUp(email)) === undefined) })) {}
    // #endregion
    return new Invite({ email: 'a@example.org' })
  },
}

const lookUp = (email: string): Promise<string | undefined> => Promise.resolve(email === '' ? email : undefined)
