"""What citizens write: matters for the PQRD channel, and ordinary questions that sound near."""

# ruff: noqa: E501
MATTERS = """
Buenas tardes, quiero poner una queja por el mal servicio de la oficina de recaudo
quiero poner una queja
QUIERO PONER UNA QUEJA!!!
Necesito presentar un derecho de peticion
deseo radicar un derecho de petición a la secretaria de planeacion
hice un derecho de petición hace un mes y nadie me ha contestado
Vengo a denunciar una construcción ilegal al lado de mi casa
Denuncio que en la alcaldía están pidiendo plata por los cupos
yo denuncio a un funcionario que me pidió una coima
Me permito presentar una denuncia contra el inspector de policía
Señores: en ejercicio del derecho consagrado en el artículo 23 de la Constitución solicito copia del expediente
Solicito respetuosamente se me informe el estado del contrato 123
Por medio de la presente elevo petición formal ante su despacho
Interpongo reclamo por el cobro del impuesto predial, está mal liquidado
quiero hacer un reclamo por el recibo del acueducto
Presento reclamación por el avalúo de mi predio
Como hago para radicar una PQRS
Donde puedo poner una PQR
P.Q.R.S. contra la empresa de aseo
Exijo una respuesta, llevo tres meses esperando
Quiero manifestar mi inconformidad con la atención que recibí
Estoy inconforme con la respuesta que me dieron
El funcionario fue grosero, me trató mal y quiero que quede constancia
me trataron muy mal en la ventanilla
pésima atención en la sisbenización, una falta de respeto
Qué mal servicio el de ustedes
Quisiera denunciar el mal estado de la vía, ya hubo un accidente
¿dónde puedo denunciar un caso de maltrato animal?
como pongo la denuncia por ruido de un bar
Hay un caso de corrupción en el colegio del municipio
El inspector me pidió un soborno para no cerrarme el negocio
Voy a interponer una queja ante la personería
No me han respondido la petición que radiqué en marzo
Me quejo de que nadie contesta el teléfono
Tengo una queja de la EPS
quiero quejarme del señor que atiende en catastro
Solicito formalmente la pavimentación de la calle 12
Interpongo recurso de reposición contra la resolución 45
Abuso de autoridad de un policía, a quién le informo
Cual es el estado de mi radicado 2026-445
""".strip().splitlines()

ORDINARY = """
Buenos días, ¿dónde pago el impuesto predial?
¿A qué hora abren la oficina de pasaportes?
Necesito el certificado de residencia para un trabajo
hola, quiero saber si soy beneficiario de renta ciudadana
Muchas gracias, no tengo ninguna queja, me atendieron muy bien
No quiero poner una queja, solo quiero saber el horario
¿Cómo pido una cita para el Sisbén?
Necesito copia del recibo de agua
¿Me puede enviar el enlace del formulario?
Se me perdió la cédula, ¿qué hago?
quiero solicitar la licencia de construcción, ¿qué documentos llevo?
¿Cuánto vale el impuesto de vehículos este año?
Buenas, mi pregunta es por el subsidio de transporte
Quiero inscribir a mi hijo en el colegio
¿Cuándo es la próxima jornada de vacunación?
No me llegó el recibo, ¿me lo mandan al correo?
¿En qué consiste el problema? El problema radica en el sistema
La demanda de cupos es alta, ¿hay lista de espera?
Atiendan rápido por favor
¿Con quién hablo para arreglar un poste de luz?
¿Cuál es el teléfono de la personería?
me sale error en la página de pagos
Perfecto, quedo pendiente, muchas gracias por la atención
Buen servicio el de la biblioteca
¿Qué requisitos hay para el permiso de eventos?
Quiero hacer una petición: ¿pueden hablar más despacio?
Mi mamá está enferma, ¿dónde hay un puesto de salud?
Mi hijo necesita una tutela del bienestar familiar, ¿qué oficina atiende?
¿Puedo pagar en cuotas?
Sin novedad, todo bien
Pusieron una cancha nueva en el barrio, ¿quién la presta?
¿El bus pasa por la gobernación?
Tengo una pregunta sobre el registro civil
¿Cómo hago el registro de industria y comercio?
¿Qué documentos exigen para el certificado?
¿Cuánto cobran por la estampilla?
ya encontré lo que buscaba, gracias
""".strip().splitlines()
