import { CallError } from '../../api/transport.ts'
import { useToasts } from '../../stores/toasts.ts'

/** Copies text to the clipboard. A failure is shown, never thrown; what is said of success is left out where the page shows it. */
export function useCopy() {
  const toasts = useToasts()

  /** Whether the text is on the clipboard now. */
  return async (text: string, said: string | null = 'Copied.'): Promise<boolean> => {
    const isCopied = await toasts.guard(() => writeClipboard(text))
    if (isCopied && said !== null) toasts.tell(said)
    return isCopied
  }
}

async function writeClipboard(text: string): Promise<void> {
  // Browsers have no clipboard on pages that came over plain http from another machine.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard === undefined)
    throw refusal('A browser copies only at localhost or over https. Open CoTrain at such an address.')
  try {
    await clipboard.writeText(text)
  } catch {
    throw refusal('The clipboard was refused. Allow it for this page, click into the page and try again.')
  }
}

const refusal = (hint: string): CallError =>
  new CallError([
    { code: 'not-allowed', message: 'The text could not be copied: the clipboard is as it was.', hint },
  ])
