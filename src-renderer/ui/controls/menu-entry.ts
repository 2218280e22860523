import type { Component } from 'vue'

/** One line of a menu, or the line between two groups. */
export type MenuEntry =
  | 'line'
  | {
      readonly label: string
      readonly run: () => void
      readonly icon?: Component
      readonly keys?: string
      /** Why the entry cannot be chosen now. */
      readonly blocked?: string
      /** Whether it is on, for an entry that can be; absent for one that only does something. */
      readonly isOn?: boolean
    }
