/** Names of the channels between window and main process; the whole of their contact. */
export const CALL_CHANNEL = 'cotrain:call'
export const EVENT_CHANNEL = 'cotrain:event'
/** Where the preload script, not the page, says what was dropped on the window. */
export const DROP_CHANNEL = 'cotrain:drop'
