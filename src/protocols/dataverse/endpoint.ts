import { anyMedia, type Endpoint, endpoint } from '#src/http/endpoint.ts'
import { dataverseDialect } from './dialect.ts'

/** Clients label JSON as they like, or not at all. */
const common = { dialect: dataverseDialect, accepts: [anyMedia] } as const

/** Anybody may ask; the act decides who may, so that it is told in Dataverse's words. A wrong token is always refused. */
export const dataverseEndpoint = <const E extends Omit<Endpoint, 'access' | 'dialect' | 'accepts'>>(e: E) =>
  endpoint({ ...common, access: 'optional', ...e })

/** What is told to everybody, without a look at what they show. */
export const openDataverseEndpoint = <const E extends Omit<Endpoint, 'access' | 'dialect' | 'accepts'>>(e: E) =>
  endpoint({ ...common, access: 'public', ...e })
