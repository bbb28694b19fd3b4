export { inversifyContainer, type InversifyContainer } from './inversify-container.js'
export { messageScope, type Binder, type MessageScope, type MessageScopeSyntax } from './message-scope.js'
