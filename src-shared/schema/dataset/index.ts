import type { Component } from '../component.ts'
import { imgLoader } from './img-loader.ts'
import { mtlLoader } from './mtl-loader.ts'
import { neuralLoader } from './neural-loader.ts'

export const datasets: readonly Component[] = [imgLoader, neuralLoader, mtlLoader] // each has fields of its own
