import { alarmRules } from './alarm-rules';
import type { AuditRule } from './audit-rule';
import { encryptionRules } from './encryption-rules';
import { functionRules } from './function-rules';
import { policyRules } from './policy-rules';
import { retentionRules } from './retention-rules';
import { tagRules } from './tag-rules';

/** Every rule about what a stack holds: `fleet audit` asks them of what stands, the policy pack before it is deployed. */
export const auditRules: readonly AuditRule[] = [
  ...tagRules,
  ...encryptionRules,
  ...retentionRules,
  ...functionRules,
  ...policyRules,
  ...alarmRules,
];
