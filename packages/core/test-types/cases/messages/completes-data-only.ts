// Completions show the data and the own members of the class, nothing else.
import { PlaceOrder, Scan } from '../../orders.js'
import { same } from '../../same.js'

same<keyof PlaceOrder & string, 'orderId' | 'lines' | 'count'>(true)
same<keyof Scan & string, 'body' | 'text'>(true)
