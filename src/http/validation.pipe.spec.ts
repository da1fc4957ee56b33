import type { ArgumentMetadata, Type } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { InvalidInputError } from '../errors/invalid-input.error';
import { InputValidationPipe } from './validation.pipe';

class WithDefault {
  @IsOptional()
  @IsString()
  wish = 'none';
}

class WithNeed {
  @IsString()
  need!: string;

  @IsOptional()
  @IsString()
  wish?: string;
}

const query = (metatype: Type): ArgumentMetadata => ({ type: 'query', metatype });

describe('a query in which nothing is given', () => {
  it('is the same each time, and nobody else’s', async () => {
    const pipe = new InputValidationPipe();
    const first = await pipe.transform({}, query(WithDefault));
    const second = await pipe.transform({}, query(WithDefault));
    expect(first).toBeInstanceOf(WithDefault);
    expect(second).toStrictEqual(first);
    expect(second).not.toBe(first);
    expect(second).toEqual({ wish: 'none' });
  });

  it('is refused each time where something is needed', async () => {
    const pipe = new InputValidationPipe();
    for (let time = 0; time < 2; time++) {
      await expect(pipe.transform({}, query(WithNeed))).rejects.toThrow(InvalidInputError);
      await expect(pipe.transform({ need: 'a' }, query(WithNeed))).resolves.toStrictEqual(
        Object.assign(new WithNeed(), { need: 'a' }),
      );
    }
  });
});
