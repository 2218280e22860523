/** Names of the two channels between window and main process; the whole of their contact. */
export const CALL_CHANNEL = 'cotrain:call'
export const EVENT_CHANNEL = 'cotrain:event'
