/** `npm run test:revocation [number]`: the whole proof, with figures. */
import { proveRevocation } from './prove.ts'

const revocations = Number(process.argv[2] ?? 10_000)
const began = performance.now()
const proof = await proveRevocation({
  revocations,
  troubles: Math.max(1, Math.round(revocations / 1500)),
  troubleMs: 3000,
  print: (line) => console.error(line),
})
const seconds = ((performance.now() - began) / 1000).toFixed(0)
console.log(`${proof.revocations} revocations over three processes under load, in ${seconds} s`)
console.log(`accepted after the return: ${proof.outlived}`)
console.log(
  `requests: ${proof.requests} (${proof.accepted} accepted, ${proof.refused} refused, ${proof.unavailable} answered 503, ${proof.broken} broken)`,
)
console.log(`a revocation returned after ${proof.p50} ms (p50), ${proof.p99} ms (p99), ${proof.slowest} ms (slowest)`)
if (proof.outlived > 0 || proof.revocations !== revocations) process.exitCode = 1
