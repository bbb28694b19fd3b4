/** The gateway did not answer; asking again may help. */
export class GatewayTimeout extends Error {
  override readonly name = 'GatewayTimeout'
}

/** The bank said no; asking again does not help. */
export class CardDeclined extends Error {
  override readonly name = 'CardDeclined'
  readonly code = 'card_declined'
}
