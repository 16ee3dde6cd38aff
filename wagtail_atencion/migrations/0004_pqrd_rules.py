"""The phrases that editors start from. They are theirs from then on."""

from django.db import migrations

RULES = {
    "Derecho de petición": """
        derecho* petición
        derecho* peticiones
        ejercicio derecho artículo
        artículo 23 constitución
        ley 1755
        petición/peticiones respetuosa/respetuosas/formal/formales/escrita
        solicito/pido respetuosamente/formalmente
        respetuosamente/formalmente solicito/pido
        present*/radic*/elev*/formul*/interpon*/instaur* petición/peticiones
        respond*/contest*/resuelto/resuelv*/respuesta petición/peticiones
        silencio administrativo
    """,
    "Queja": """
        pon*/puse/present*/radic*/elev*/formul*/interpon*/instaur*/hacer/hago/dej*/coloc*/regist* queja*
        quiero/deseo/necesito/vengo/quisiera/voy/tengo/tenemos queja/quejas/quejarme/quejarnos
        queja/quejas contra/por/sobre/formal/respecto
        me/nos quejo/quejamos
        quejo/quejamos
        inconformidad*
        inconforme/inconformes con/por
        present*/manifest*/expres* descontento/molestia/indignación
        pésim*/mal/mala servicio/atención
        trat* mal/groser*
        maltrat* funcionari*
        funcionari* groser*/corrupt*/maltrat*
        abuso* autoridad
    """,
    "Reclamo": """
        pon*/puse/present*/radic*/elev*/formul*/interpon*/instaur*/hacer/hago/dej*/coloc*/regist* reclamo*/reclamaci*
        quiero/deseo/necesito/vengo/quisiera/voy/tengo/tenemos reclamo/reclamos/reclamar/reclamarle/reclamarles
        reclamo/reclamación contra/por/formal
        exijo/exigimos respuesta/solución/explicación/explicaciones/devolución/reparación/arreglen/respondan
        recurso reposición/apelación
        respond*/contest*/resuelto/resuelv*/respuesta reclamo*/queja*/denuncia*/solicitud*
    """,
    "Denuncia": """
        denuncio/denunciamos
        pon*/puse/present*/radic*/formul*/interpon*/instaur*/hacer/hago/regist* denuncia/denuncias
        quiero/deseo/necesito/vengo/quisiera/voy/puedo/debo/queremos/podemos denunciar/denuncia
        denuncia contra/por/formal/anónima/penal/disciplinaria
        acto*/caso*/hecho* corrupción
        pidi*/pide*/cobr*/exig*/ofrec* soborno*/coima*/mordida
        soborno*/coima*
    """,
    "PQRD y radicación": """
        pqr/pqrs/pqrd/pqrsd/pqrsdf
        radicar/radico
        radic* queja*/reclamo*/denuncia*/petición/peticiones/solicitud/solicitudes/derecho*/escrito/oficio
        número/estado radicado
    """,
}


def write(apps, schema_editor):
    model = apps.get_model("wagtail_atencion", "PQRDRule")
    for name, phrases in RULES.items():
        lines = [line.strip() for line in phrases.strip().splitlines()]
        model.objects.create(name=name, language="es", phrases="\n".join(lines))


class Migration(migrations.Migration):

    dependencies = [("wagtail_atencion", "0002_wip")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
