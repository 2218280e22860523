import { describe, expect, it } from 'vitest'
import { scrubReport } from '../../../../src-shared/util/scrub-report.ts'

describe('a report', () => {
  it('does not tell who somebody is', () => {
    const text = '/home/ann/runs/a and /Users/Bob/x, C:\\Users\\Carl\\y, /root/z, ann@lab.example'
    expect(scrubReport(text)).toBe('~/runs/a and ~/x, ~\\y, ~/z, <mail>')
    const known = { home: '/data/people/ann', user: 'ann', host: 'gpu-7.lab' }
    expect(scrubReport('ann on gpu-7.lab: /data/people/ann/x, annual, (Ann)', known)).toBe(
      '<user> on <host>: ~/x, annual, (<user>)',
    )
  })

  it('lets nobody in', () => {
    expect(
      scrubReport(
        'GET http://127.0.0.1:4/launch/abc-_1 cotrain-4=xyz; Bearer abcdefghijk https://a:b@host/ token=t1&x, API_KEY: k2, "password":"p3"',
      ),
    ).toBe(
      'GET http://127.0.0.1:4/launch/<token> cotrain-4=<cookie>; Bearer <secret> https://<user>:<secret>@host/ token=<secret>&x, API_KEY: <secret>, "password":"<secret>"',
    )
  })

  it('keeps what is needed to help, and names that everybody has', () => {
    const text = 'node 20, root of the user, out of memory at layer 3 (2.5 GB), file ./a/b.ts:3:4'
    expect(scrubReport(text, { home: '/', user: 'root', host: 'localhost' })).toBe(text)
  })
})
