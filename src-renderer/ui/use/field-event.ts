/** What the field says that an event comes from; templates know it as some target only. @throws TypeError where it is no field */
export function valueIn({ target }: Event): string {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return target.value
  throw new TypeError('the event does not come from a field')
}

/** Whether the box or switch is on that an event comes from. @throws TypeError where it is neither */
export function isChecked({ target }: Event): boolean {
  if (target instanceof HTMLInputElement) return target.checked
  throw new TypeError('the event does not come from a box')
}
