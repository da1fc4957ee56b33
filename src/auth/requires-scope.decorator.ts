import { SetMetadata } from '@nestjs/common';
import type { Scope } from './scope';

export const REQUIRED_SCOPE = Symbol('required scope');

/** The scope that a route needs where its method does not say it: by default reading needs inventory:read, all else inventory:write. */
export const RequiresScope = (scope: Scope) => SetMetadata(REQUIRED_SCOPE, scope);
