/** What the field says that an event comes from; templates know it as some target only. @throws TypeError where it is no field */
export function valueIn({ target }: Event): string {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return target.value
  throw new TypeError('the event does not come from a field')
}

/** Gives a field back what it is to say where it cannot take what was typed: no change of state would draw it anew. */
export function resetField({ target }: Event, value: string): void {
  if (target instanceof HTMLInputElement) target.value = value
}

/** Whether the box or switch is on that an event comes from. @throws TypeError where it is neither */
export function isChecked({ target }: Event): boolean {
  if (target instanceof HTMLInputElement) return target.checked
  throw new TypeError('the event does not come from a box')
}
