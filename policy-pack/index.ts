import { PolicyPack } from '@pulumi/policy';

import { auditRules } from '../contracts/audit/audit-rules';

import { policiesOf } from './policies';

// Serves the pack to the CLI that started this process.
new PolicyPack('order-fleet', { policies: policiesOf(auditRules, () => new Date().toISOString()), enforcementLevel: 'advisory' });
