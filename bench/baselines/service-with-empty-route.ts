import { Controller, Get } from '@nestjs/common';
import { AppModule } from '../../src/app.module';
import { startService } from '../../src/start-service';

/** The service itself, with one more route in which nothing is done: what a request costs that it lets through. */
@Controller('empty')
class EmptyController {
  @Get()
  empty() {
    return {};
  }
}

const register = AppModule.register.bind(AppModule);
AppModule.register = (...given) => ({ ...register(...given), controllers: [EmptyController] });
void startService(process.env);
