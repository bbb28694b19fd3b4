import { describe, expect, it } from 'vitest'
import { redactUrl } from './redact-url.js'

describe('a URL for a log', () => {
  it.each([
    ['amqp://localhost', 'amqp://localhost'],
    ['amqp://localhost:5672/orders?heartbeat=5', 'amqp://localhost:5672/orders?heartbeat=5'],
    ['memory:orders', 'memory:orders'],
    ['https://user@example.org/feed', 'https://user@example.org/feed'],
    ['postgres://app:hunter2@db:5432/shop', 'postgres://app:***@db:5432/shop'],
    ['redis://:hunter2@cache', 'redis://:***@cache'],
    ['https://example.org/feed?api_key=hunter2&page=3', 'https://example.org/feed?api_key=***&page=3'],
    ['https://example.org/feed?page=3&X-Amz-Signature=hunter2', 'https://example.org/feed?page=3&X-Amz-Signature=***'],
  ])('%s', (url, redacted) => {
    expect(redactUrl(url)).toBe(redacted)
  })

  it.each([
    ['in the user info', 'amqp://app:hunter2@host'],
    ['with an @', 'amqp://app:hun@ter2@host'],
    ['with a slash', 'amqp://app:hun/ter2@host'],
    ['with a slash after digits', 'amqp://app:12/hunter2@host'],
    ['with a question mark after digits', 'amqp://app:12?hunter2@host'],
    ['with a hash after digits', 'amqp://app:12#hunter2@host'],
    ['with a hash', 'postgres://app:hun#ter2@host:5432/db'],
    ['with brackets and spaces', 'postgres://app:hun[ter2] x@host'],
    ['of every host in a list', 'amqp://app:hunter2@one,amqp://app:hunter2@two'],
    ['of a list that is no URL', 'kafka://app:hunter2@one:9092,two:9092'],
    ['where the port is wrong', 'amqp://app:hunter2@host:port'],
    ['without a scheme', 'app:hunter2@host:5672'],
    ['in a query value', 'amqp://host?password=hunter2'],
    ['in a query value with an @', 'amqp://host:5672/?password=hun@ter2'],
    ['in a query value with a hash', 'amqp://host:5672/?password=hun#ter2'],
    ['in a query of a URL that cannot be parsed', 'amqp://host:port/?password=hunter2'],
    ['in a second query value of that name', 'amqp://host?password=hunter2&x=1&password=hunter2'],
    ['called pwd', 'sqs://host?pwd=hunter2'],
    ['in a connection string of words', 'host=db user=app password=hunter2'],
    ['in a connection string of words, quoted', "host=db password = 'hun ter2' user=app"],
    ['in a connection string of fields', 'Endpoint=sb://bus.example;SharedAccessKeyName=app;SharedAccessKey=hunter2='],
  ])('tells no password %s', (_, url) => {
    expect(redactUrl(url)).not.toMatch(/hun|ter2/)
  })
})
