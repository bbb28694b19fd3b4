// A pipeline is composed by name, or is a list.
import { createBus, type Middleware, on, when } from '@waybill/core'
import { flushOutgoing, logging, recover, standardPipeline, timeout } from '@waybill/core/middleware'
import { OrderPlaced } from '../../orders.js'

declare const tenant: Middleware
const handlers = [on(OrderPlaced, { id: 'd', use: [timeout({ after: '1s' })] }, () => {})]
const composed = standardPipeline({ recover: when(TypeError).retryNow(2), timeout: { after: '5s' }, logging: true })
  .before('idempotency', tenant)
  .after('recover', tenant, logging({ level: 'info' }))
  .replace('timeout', timeout({ after: '2s' }))
  .without('logging')
createBus({ name: 'x', handlers, pipeline: composed, endpoints: { y: { handlers, pipeline: [recover(), flushOutgoing(), tenant] } } })
