import type { PolicyDocument } from '../../layer-kit/policy-document';
import { parsePolicy } from '../../sandbox/types/common/policy-document';
