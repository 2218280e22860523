import type { Component } from '../component.ts'

export const models: readonly Component[] = []
