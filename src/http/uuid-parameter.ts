import { type ArgumentMetadata, Injectable, Param, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { InvalidInputError } from '../errors/invalid-input.error';

@Injectable()
class UuidPipe implements PipeTransform<string, string> {
  transform(value: string, { data }: ArgumentMetadata): string {
    if (isUUID(value, 'all')) return value.toLowerCase();
    throw new InvalidInputError([{ field: data ?? 'id', message: 'must be a UUID' }]);
  }
}

/** A path parameter that is a UUID; anything else is refused under the parameter's name. */
export const UuidParam = (name: string) => Param(name, UuidPipe);
