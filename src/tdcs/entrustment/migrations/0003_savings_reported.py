from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('entrustment', '0002_ends_and_accounts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='savingsevent',
            name='kind',
            field=models.CharField(choices=[('deposit', 'Gửi'), ('withdraw', 'Rút'), ('reverse', 'Đảo'), ('reported', 'Tăng, giảm theo sao kê')], max_length=10, verbose_name='loại'),
        ),
    ]
