/** What the field says that an event comes from; templates know it as some target only. */
export function valueIn({ target }: Event): string {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
  return isField ? target.value : ''
}

/** Whether the box or switch is on that an event comes from. */
export const isChecked = ({ target }: Event): boolean => target instanceof HTMLInputElement && target.checked
