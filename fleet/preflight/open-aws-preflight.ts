import type { PreflightSource } from './preflight-source';
export function openAwsPreflight(_options: object): PreflightSource {
  throw new Error('not yet');
}
