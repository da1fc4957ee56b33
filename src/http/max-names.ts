import { ValidateBy, type ValidationOptions } from 'class-validator';

/** An object of the client's own names has at most so many of them. */
export function MaxNames(maximum: number, options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value !== 'object' || value === null || Object.keys(value).length <= maximum;
  return ValidateBy({ name: 'maxNames', validator: { validate } }, options);
}
